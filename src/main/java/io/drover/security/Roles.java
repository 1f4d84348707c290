package io.drover.security;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;

/** What a user may do. */
public final class Roles {

    /** Everything. */
    public static final String OPERATOR = "operator";

    /** Reads only. */
    public static final String VIEWER = "viewer";

    /** Submits tasks and sees those it submitted, and nothing else. */
    public static final String SUBMITTER = "submitter";

    /** Reads the metrics, and nothing else. */
    public static final String SCRAPER = "scraper";

    static final Set<String> ALL = Set.of(OPERATOR, VIEWER, SUBMITTER, SCRAPER);

    private static final Set<String> SEE_ALL_TASKS = Set.of("ROLE_" + OPERATOR, "ROLE_" + VIEWER);

    private Roles() {}

    /** The caller of this request where it sees only the tasks that it submitted; null where it sees all. */
    public static @Nullable String ownTasksOnly() {
        Authentication caller = SecurityContextHolder.getContext().getAuthentication();
        if (caller == null) {
            return ""; // which submitted nothing
        }
        return caller.getAuthorities().stream().anyMatch(role -> SEE_ALL_TASKS.contains(role.getAuthority()))
                ? null
                : caller.getName();
    }
}
