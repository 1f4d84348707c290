package io.drover.route.check;

/** What Camel has, but this Drover has not. */
final class Absent {

    private Absent() {}

    /** @param what such as {@code component}, {@code language} or {@code data format} */
    static String message(String what, String name, String group, String artifact) {
        return "the %s '%s' is not part of this Drover; build it with the artifact %s:%s"
                .formatted(what, name, group, artifact);
    }
}
