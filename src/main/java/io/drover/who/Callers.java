package io.drover.who;

import java.util.Optional;

/** Who may log in, by name. */
public interface Callers {

    /** A user, or {@code key:<name>}; empty if there is none that may log in now. */
    Optional<Actor> find(String name);
}
