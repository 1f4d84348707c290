package io.drover.deploy;

import static io.drover.deploy.Build.map;
import static io.drover.deploy.Build.name;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What a build breaks of some rules: a line that names object and rule. */
abstract class Violations {

    final Build build;
    private final List<String> found = new ArrayList<>();

    Violations(Build build) {
        this.build = build;
    }

    abstract void check();

    List<String> all() {
        check();
        return found;
    }

    final void require(Map<String, Object> object, boolean kept, String rule) {
        if (!kept) {
            found.add("%s %s: %s".formatted(object.get("kind"), name(object), rule));
        }
    }

    /** The pods that an object makes. */
    static Stream<Map<String, Object>> templates(Map<String, Object> object) {
        return Stream.of(
                        map(object, "spec", "template"),
                        map(object, "spec", "jobTemplate", "spec", "template"),
                        map(object, "spec", "jobTargetRef", "template"))
                .filter(template -> template.containsKey("spec"));
    }
}
