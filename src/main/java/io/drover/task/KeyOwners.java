package io.drover.task;

import java.util.Collection;

/** Whose keys a user's are. */
public interface KeyOwners {

    /** The owner of a user's keys: the user, unless another is configured. */
    String of(String user);

    /** The owners of the keys of all configured users. */
    Collection<String> all();
}
