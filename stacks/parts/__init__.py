"""The one way to make a function, a table, a bucket, an API, a state machine."""
