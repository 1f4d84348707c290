package io.drover.security;

/** What a user may do. */
public final class Roles {

    /** Everything. */
    public static final String OPERATOR = "operator";

    /** Reads only. */
    public static final String VIEWER = "viewer";

    private Roles() {}
}
