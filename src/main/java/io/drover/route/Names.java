package io.drover.route;

import io.drover.tool.ToolName;

/** The names of tools and workflows. */
public final class Names {

    private Names() {}

    public static String check(String scheme, String name) {
        ToolName.check("%s:%s".formatted(scheme, name), name);
        return name;
    }
}
