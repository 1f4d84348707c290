package io.drover.task;

import java.util.Collection;

/** The owners of users' keys. */
public interface KeyOwners {

    /** The attribute of a request that holds its user's name. */
    String USER_ATTRIBUTE = "io.drover.user";

    /** The owner of a user's keys: the user, unless another is configured. */
    String of(String user);

    /** The owners of the keys of all configured users. */
    Collection<String> all();
}
