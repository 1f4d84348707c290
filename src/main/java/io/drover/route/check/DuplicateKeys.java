package io.drover.route.check;

import java.util.HashSet;
import java.util.Set;

/** No mapping has a member twice; YAML leaves open which of the two counts. */
final class DuplicateKeys implements Check {

    @Override
    public void check(RouteSource route, RouteSet routes, Findings findings) {
        if (route.root() != null) {
            check(route, route.root(), findings);
        }
    }

    private static void check(RouteSource route, Yaml node, Findings findings) {
        Set<String> names = new HashSet<>();
        for (Yaml.Member member : node.members()) {
            if (!names.add(member.name())) {
                findings.add(route, member.key().line(), "'%s' is there twice".formatted(member.name()));
            }
            check(route, member.value(), findings);
        }
        node.items().forEach(item -> check(route, item, findings));
    }
}
