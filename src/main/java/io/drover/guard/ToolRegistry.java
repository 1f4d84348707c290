package io.drover.guard;

import io.drover.start.Listeners;
import io.drover.tool.ToolSpec;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * The tools that can be called, in generations: an attempt holds the generation it began with until it ends, so a tool
 * that is edited meanwhile changes nothing for it.
 */
@Component
public class ToolRegistry {

    /** The tools at one moment. */
    public static final class Generation {
        private final Map<String, GuardedTool> tools;
        private final AtomicInteger holders = new AtomicInteger();

        private Generation(Map<String, GuardedTool> tools) {
            this.tools = tools;
        }

        public @Nullable GuardedTool get(String name) {
            return tools.get(name);
        }

        /** Whether a call of it changes nothing, not even where another tool is called in its place. */
        public boolean changesNothing(String name) {
            Set<String> seen = new HashSet<>();
            for (String next = name;
                    next != null && seen.add(next);
                    next = tools.get(next).spec().fallback()) {
                if (!tools.containsKey(next) || !tools.get(next).spec().readOnly()) {
                    return false;
                }
            }
            return true;
        }

        /** All tools, by name. */
        public Map<String, GuardedTool> all() {
            return tools;
        }

        /** To be called once by the caller that acquired this generation. */
        public void release() {
            holders.decrementAndGet();
        }
    }

    /**
     * Is notified when the tools have changed.
     * It must return quickly.
     */
    @FunctionalInterface
    public interface Listener {
        void changed(Generation now);
    }

    private final List<Generation> held = new CopyOnWriteArrayList<>();
    private final Listeners<Listener> listeners;
    private volatile Generation current = new Generation(Map.of());

    ToolRegistry(List<Listener> listeners) {
        this.listeners = new Listeners<>(listeners);
    }

    /** The tools as they are now. */
    public Generation current() {
        return current;
    }

    /** The names of the tools that only read. */
    public Set<String> reading() {
        return current.tools.values().stream()
                .map(GuardedTool::spec)
                .filter(ToolSpec::readOnly)
                .map(ToolSpec::name)
                .collect(Collectors.toSet());
    }

    /** The tools as they are now, kept until {@link Generation#release}. */
    public synchronized Generation acquire() {
        current.holders.incrementAndGet();
        return current;
    }

    /** Adds a tool, or puts its new version in place. */
    public synchronized void put(GuardedTool tool) {
        Map<String, GuardedTool> tools = new TreeMap<>(current.tools);
        tools.put(tool.spec().name(), tool);
        replace(tools);
    }

    /** Removes a version, unless a newer one has already replaced it. */
    public synchronized void remove(String routeId) {
        Map<String, GuardedTool> tools = new TreeMap<>(current.tools);
        if (tools.values().removeIf(tool -> tool.routeId().equals(routeId))) {
            replace(tools);
        }
    }

    /** The routes that new or running attempts can still reach. */
    public synchronized Set<String> reachableRoutes() {
        held.removeIf(generation -> generation.holders.get() == 0);
        Set<String> routes = new HashSet<>();
        current.tools.values().forEach(tool -> routes.add(tool.routeId()));
        held.forEach(generation -> generation.tools.values().forEach(tool -> routes.add(tool.routeId())));
        return routes;
    }

    private void replace(Map<String, GuardedTool> tools) {
        held.add(current);
        current = new Generation(Collections.unmodifiableMap(tools));
        listeners.each(listener -> listener.changed(current));
    }
}
