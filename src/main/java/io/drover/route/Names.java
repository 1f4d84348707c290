package io.drover.route;

import io.drover.tool.ToolLimits;

/** The names of tools and workflows. */
public final class Names {

    private Names() {}

    public static String check(String scheme, String name) {
        ToolLimits.checkName("%s:%s".formatted(scheme, name), name);
        return name;
    }
}
