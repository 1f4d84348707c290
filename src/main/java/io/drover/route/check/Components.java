package io.drover.route.check;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.camel.catalog.DefaultCamelCatalog;
import org.apache.camel.tooling.model.ComponentModel;
import org.jspecify.annotations.Nullable;

/** The components that Camel's catalog knows, and ours. */
final class Components {

    static final Set<String> OURS = Set.of("agent", "signal", "task", "tool", "wait");

    static final DefaultCamelCatalog CATALOG = catalog();

    private Components() {}

    private static DefaultCamelCatalog catalog() {
        DefaultCamelCatalog catalog = new DefaultCamelCatalog(true);
        OURS.forEach(name -> catalog.addComponent(name, "io.drover.component." + name, descriptor(name)));
        return catalog;
    }

    private static String descriptor(String name) {
        try (InputStream in =
                Components.class.getResourceAsStream("/META-INF/io/drover/component/%s.json".formatted(name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The URI of an endpoint. Kaoto writes a component's name as the URI, and its path among the parameters.
     *
     * @param written    such as {@code kafka:orders}, or {@code kafka} with the parameter {@code topic}
     * @param parameters those of the endpoint, or null
     */
    static EndpointUri uri(String written, @Nullable Yaml parameters) {
        EndpointUri uri = EndpointUri.of(written);
        String component = uri.scheme().isEmpty() ? uri.component() : "";
        ComponentModel model = component.isEmpty() ? null : CATALOG.componentModel(component);
        if (model == null) {
            return uri;
        }
        Map<String, String> path = new LinkedHashMap<>();
        for (ComponentModel.EndpointOptionModel option : model.getEndpointPathOptions()) {
            String value = parameters == null ? "" : parameters.text(option.getName());
            if (!value.isEmpty()) {
                path.put(option.getName(), value);
            }
        }
        return new EndpointUri(component, path(component, path), uri.query());
    }

    private static String path(String component, Map<String, String> options) {
        if (options.size() == 1) {
            return options.values().iterator().next(); // as it is: the catalog would read a query in it
        }
        try {
            String uri = options.isEmpty() ? null : CATALOG.asEndpointUri(component, options, false);
            return uri == null ? "" : EndpointUri.of(uri).path();
        } catch (RuntimeException e) { // a required part is missing, which Camel refuses
            return String.join(":", options.values());
        }
    }
}
