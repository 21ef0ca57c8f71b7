"""The desk: pages for facilitators, who start, moderate and read conversations; behind a sign-in."""
