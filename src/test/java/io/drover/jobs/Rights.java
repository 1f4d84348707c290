package io.drover.jobs;

import io.drover.deploy.Build;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Rights as Kubernetes grants them by a Role, and as a request wants them: {@code <group>/<resource> <verb> [<name>]}. */
final class Rights {

    private static final Pattern PATH =
            Pattern.compile("(\\w+) /(?:api|apis/([^/]+))/v\\w+/namespaces/[^/]+/(\\w+)(?:/([^/?]+))?(\\?.*)?");

    private Rights() {}

    /** What a Role grants; where it names no object, any. */
    static Set<String> granted(Map<String, Object> role) {
        Set<String> rights = new TreeSet<>();
        for (Map<String, Object> rule : Build.list(role, "rules")) {
            List<String> names = Build.strings(rule.get("resourceNames"));
            for (String group : Build.strings(rule.get("apiGroups"))) {
                for (String resource : Build.strings(rule.get("resources"))) {
                    for (String verb : Build.strings(rule.get("verbs"))) {
                        String right = "%s/%s %s".formatted(group, resource, verb);
                        if (names.isEmpty()) {
                            rights.add(right);
                        }
                        names.forEach(name -> rights.add(right + " " + name));
                    }
                }
            }
        }
        return rights;
    }

    /** What a request wants. The API server takes a list or a watch for one of no named object, and so is a creation. */
    static String wanted(String methodAndPath) {
        Matcher path = PATH.matcher(methodAndPath);
        if (!path.matches()) {
            return methodAndPath;
        }
        String group = path.group(2) == null ? "" : path.group(2);
        String name = path.group(4);
        String query = path.group(5) == null ? "" : path.group(5);
        String verb =
                switch (path.group(1)) {
                    case "GET" -> query.contains("watch=true") ? "watch" : name == null ? "list" : "get";
                    case "POST" -> "create";
                    case "PUT" -> "update";
                    case "PATCH" -> "patch";
                    case "DELETE" -> name == null ? "deletecollection" : "delete";
                    default -> path.group(1);
                };
        String right = "%s/%s %s".formatted(group, path.group(3), verb);
        return name == null ? right : right + " " + name;
    }
}
