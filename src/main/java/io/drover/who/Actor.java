package io.drover.who;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who acts. The audit table records its name, and its roles say what it may do.
 *
 * @param name      as the audit table and {@code submittedBy} write it
 * @param workflows to which its roles apply
 */
public record Actor(String name, Kind kind, Set<Role> roles, Workflows workflows) {

    /** A caller that has not logged in: it has submitted nothing and may do nothing. */
    public static final Actor NOBODY = new Actor("", Kind.SERVICE, Set.of(), Workflows.ALL);

    /** What an actor is. */
    public enum Kind {
        /** A user who logged in. A program with a user of its own counts too: a password does not tell them apart. */
        PERSON,
        /** A program that no user stands for, such as a JMX client on this machine. */
        SERVICE
    }

    public Actor {
        roles = Role.withImplied(roles);
    }

    /** A user who logged in. */
    public static Actor person(String name, Role... roles) {
        return new Actor(name, Kind.PERSON, Set.of(roles), Workflows.ALL);
    }

    /** A program that no user stands for; it has no role. */
    public static Actor service(String name) {
        return new Actor(name, Kind.SERVICE, Set.of(), Workflows.ALL);
    }

    public boolean is(Role role) {
        return roles.contains(role);
    }

    /** Whether it may decide and call, and not only read or submit. */
    public boolean mayOperate() {
        return is(Role.OPERATOR);
    }

    /** Whether it may read the payloads of all that it sees. */
    public boolean seesPayloads() {
        return is(Role.OPERATOR)
                || is(Role.READER)
                || is(Role.APPROVER) // who decides about calls has to know their arguments
                || is(Role.SUBMITTER) && !seesAllTasks();
    }

    /** Whether it may read the payloads of what somebody submitted. */
    public boolean seesPayloadsOf(@Nullable String submitter) {
        return seesPayloads() || is(Role.SUBMITTER) && name.equals(submitter);
    }

    /** Whether it sees every task; else it sees those that it submitted. */
    public boolean seesAllTasks() {
        return is(Role.OPERATOR) || is(Role.VIEWER) || is(Role.APPROVER);
    }
}
