//! Training: optimisers, schedules, regularisation, initialisers.
