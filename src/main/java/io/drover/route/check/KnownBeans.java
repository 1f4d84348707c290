package io.drover.route.check;

import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.CamelContext;

/** The beans that a route may name: those of the process, and those that every process has. */
final class KnownBeans {

    /** What {@code validate} knows of without a process. */
    private static final Set<String> OURS = Set.of("dataSource", "joinVariables");

    private final CamelContext context;
    private final Settings settings;

    KnownBeans(CamelContext context, Settings settings) {
        this.context = context;
        this.settings = settings;
    }

    boolean has(String name) {
        return names().contains(name) || context.getRegistry().lookupByName(name) != null;
    }

    /** Those that somebody may have meant. */
    Set<String> names() {
        Set<String> names = new TreeSet<>(OURS);
        names.addAll(settings.dataSources());
        return names;
    }
}
