package io.drover.datasource;

/** Tells for whom this thread takes a connection. */
public interface Borrowers {

    Borrower now();
}
