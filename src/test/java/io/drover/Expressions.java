package io.drover;

import java.util.List;

/** Texts that something might take for an expression, and what they would then become. */
public final class Expressions {

    /** Camel's placeholders and Simple, Spring's placeholders and expressions, Thymeleaf's. */
    public static final List<String> TEXTS = List.of(
            "{{placed.secret}}",
            "${placed.secret}",
            "${properties:placed.secret}",
            "${sysenv.PATH}",
            "#{systemProperties}",
            "#{T(java.lang.System)}",
            "[[${1237*1229}]]",
            "__${1237*1229}__",
            "$simple{properties:placed.secret}");

    /** What is nowhere while none of them is evaluated. */
    public static final List<String> VALUES =
            List.of("s3cr3t", "1520273", System.getenv("PATH"), "class java.lang.System");

    private Expressions() {}
}
