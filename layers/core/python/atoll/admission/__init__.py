"""Pure rules: who may do what, at what price."""
