"""Use cases of messages: queue, settle and delete notices and mails; texts and calendar files of mails."""
