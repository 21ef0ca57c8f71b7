"""What people can do that takes more than one step: one file per act, its function named as the file."""
