package io.drover.rules;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The roles of users, where the process knows its users. */
public interface UserRoles {

    /** What a user may do now; empty for a trigger, and for a user that does not exist any more. */
    Set<String> of(@Nullable String user);
}
