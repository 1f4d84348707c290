package io.drover.who;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What can be done with a workflow's tasks, and the roles that may. */
public enum Verb {
    SUBMIT(Role.OPERATOR, Role.SUBMITTER),
    /** A submitter sees the tasks that it submitted. */
    SEE(Role.OPERATOR, Role.VIEWER, Role.APPROVER, Role.SUBMITTER),
    /** The payloads of tasks; a submitter those of its own. */
    READ(Role.OPERATOR, Role.READER, Role.APPROVER, Role.SUBMITTER),
    CANCEL(Role.OPERATOR),
    RETRY(Role.OPERATOR),
    /** Of calls in doubt. */
    RESOLVE(Role.OPERATOR),
    /** Of calls that wait for a vote. */
    APPROVE(Role.APPROVER),
    /** Of the plans of dry runs. */
    EXECUTE(Role.OPERATOR, Role.APPROVER);

    private final Set<Role> roles;

    Verb(Role first, Role... more) {
        this.roles = EnumSet.of(first, more);
    }

    /** As the command line writes it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Verb> of(String text) {
        return Arrays.stream(values()).filter(verb -> verb.text().equals(text)).findFirst();
    }

    /**
     * Whether an actor may, and why.
     *
     * @param reason a sentence
     */
    public record Answer(boolean allowed, String reason) {}

    /** Whether an actor may do this with the tasks of a workflow. */
    public Answer of(Actor actor, String workflow) {
        Set<Role> having = actor.roles().stream().filter(roles::contains).collect(Collectors.toSet());
        if (having.isEmpty()) {
            return new Answer(
                    false,
                    "%s has the roles %s, and %s needs %s"
                            .formatted(actor.name(), texts(actor.roles()), text(), texts(roles)));
        }
        if (!actor.workflows().allow(workflow)) {
            return new Answer(
                    false,
                    "%s is limited to the workflows %s, and %s is none of them"
                            .formatted(actor.name(), actor.workflows().text(), workflow));
        }
        boolean own = (this == SEE || this == READ) && having.equals(Set.of(Role.SUBMITTER));
        return new Answer(
                true,
                "%s has the role %s, for the workflows %s%s"
                        .formatted(
                                actor.name(),
                                texts(having),
                                actor.workflows().text(),
                                own ? ", for the tasks that it submitted" : ""));
    }

    private static String texts(Set<Role> roles) {
        return roles.isEmpty()
                ? "(none)"
                : roles.stream().map(Role::text).sorted().collect(Collectors.joining(", "));
    }
}
