package io.drover.guard;

import java.util.Set;

/** Camel's components that change nothing outside of the process, and Drover's own, whose calls and tasks are on record. */
public final class InProcess {

    /** Their names, as in a URI. */
    public static final Set<String> COMPONENTS = Set.of(
            "tool",
            "task",
            "agent",
            "wait",
            "signal",
            "direct",
            "log",
            "mock",
            "language",
            "dataformat",
            "validator",
            "json-validator",
            "bean-validator",
            "xslt",
            "xslt-saxon",
            "xquery",
            "xj",
            "jslt",
            "jolt",
            "jsonata",
            "json-patch",
            "freemarker",
            "velocity",
            "mustache",
            "mvel",
            "string-template",
            "thymeleaf",
            "jte",
            "chunk");

    private InProcess() {}
}
