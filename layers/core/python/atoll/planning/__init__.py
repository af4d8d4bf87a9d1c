"""Pure index arithmetic: a request and a description in, a plan out."""
