package io.drover.camel;

import io.drover.tool.ToolLimits;

/** The names of tools and workflows. */
final class Names {

    private Names() {}

    static String check(String scheme, String name) {
        ToolLimits.checkName("%s:%s".formatted(scheme, name), name);
        return name;
    }
}
