"""Files that a tool obeys when somebody opens, enters or commits to a folder, one a file."""
