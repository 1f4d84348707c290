package io.drover.security;

/** What a user may do. */
final class Roles {

    /** Everything. */
    static final String OPERATOR = "operator";

    /** Reads only. */
    static final String VIEWER = "viewer";

    private Roles() {}
}
