"""What pages about accounts show, as plain values, where more than one page shows it."""
