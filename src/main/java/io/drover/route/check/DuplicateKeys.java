package io.drover.route.check;

import io.drover.json.Excerpt;
import java.util.HashSet;
import java.util.Set;
import java.util.function.BiConsumer;

/** No mapping has a member twice; YAML leaves open which of the two counts. */
final class DuplicateKeys implements Check {

    @Override
    public void check(RouteSource route, RouteSet routes, Findings findings) {
        if (route.root() != null) {
            check(route.root(), (line, message) -> findings.add(route, line, message));
        }
    }

    /** The same of any document. @param problem is told the line and what is wrong there */
    static void check(Yaml node, BiConsumer<Integer, String> problem) {
        Set<String> names = new HashSet<>();
        for (Yaml.Member member : node.members()) {
            if (!names.add(member.name())) {
                problem.accept(member.key().line(), "'%s' is there twice".formatted(Excerpt.of(member.name())));
            }
            check(member.value(), problem);
        }
        node.items().forEach(item -> check(item, problem));
    }
}
