"""Pages of the signed-in user over data of other packages, without own tables; and reminder mails."""
