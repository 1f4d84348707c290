package io.drover.camel;

import java.util.regex.Pattern;

/** The names of tools and workflows. */
final class Names {

    private static final Pattern NAME = Pattern.compile("(?:(?:model|memory)\\.)?[A-Za-z][A-Za-z0-9_-]{0,63}");

    private Names() {}

    static String check(String scheme, String name) {
        if (name == null || !NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "%s:%s needs a name of 1 to 64 letters, digits, '_' and '-', beginning with a letter"
                            .formatted(scheme, name));
        }
        return name;
    }
}
