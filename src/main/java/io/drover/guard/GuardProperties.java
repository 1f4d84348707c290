package io.drover.guard;

import io.drover.tool.ToolName;
import io.drover.tool.ToolOptions;
import io.drover.tool.ToolSpec;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the guard by environment.
 *
 * @param tools     by tool name, and {@code defaults} for all
 * @param workflows by workflow name
 */
@ConfigurationProperties("drover")
public record GuardProperties(
        @DefaultValue Map<String, ToolSettings> tools, @DefaultValue Map<String, WorkflowSettings> workflows) {

    private static final String DEFAULTS = "defaults";
    private static final ToolSettings NOTHING = new ToolSettings();

    /** @param allowedTools the only tools that the workflow may call; null for all */
    public record WorkflowSettings(@Nullable Set<String> allowedTools) {}

    public GuardProperties {
        tools.forEach((name, tool) -> {
            ToolName.check("drover.tools." + name, name);
            tool.check("drover.tools." + name);
        });
        workflows.keySet().forEach(name -> ToolName.check("drover.workflows." + name, name));
        ToolSettings defaults = tools.get(DEFAULTS);
        for (String option : List.of("effectKey", "effectScope", "effect")) {
            if (defaults != null && defaults.get(option) != null) {
                throw new IllegalArgumentException(
                        "drover.tools.defaults: %s (%s) is not allowed, because each tool names its own effects; set it below drover.tools.<name>"
                                .formatted(option, defaults.get(option)));
            }
        }
        if (defaults != null && defaults.get("cache") != null) {
            throw new IllegalArgumentException(
                    "drover.tools.defaults.cache (%s) is not allowed, because each tool decides how old its results may be; set drover.tools.<name>.cache"
                            .formatted(defaults.get("cache")));
        }
    }

    /**
     * Whether the workflow may call the tool at all.
     * Models are not restricted here: its agents name them.
     */
    boolean allows(String workflow, String tool) {
        if (tool.startsWith(ToolSpec.MODEL)) {
            return true;
        }
        WorkflowSettings settings = workflows.get(workflow);
        return settings == null
                || settings.allowedTools() == null
                || settings.allowedTools().contains(tool);
    }

    /**
     * The options of a tool that are set. Those of {@code drover.tools.<name>} go before those of its route, and the route's
     * before those of {@code drover.tools.defaults}.
     */
    public ToolOptions options(String tool, ToolOptions fromRoute) {
        return of(tool).over(fromRoute).over(of(DEFAULTS));
    }

    /** The same for one option, whose value in the route is still text. */
    public @Nullable Object option(String tool, String option, @Nullable String fromRoute) {
        Object specific = of(tool).get(option);
        Object said = specific != null ? specific : fromRoute;
        return said != null ? said : of(DEFAULTS).get(option);
    }

    /** A setting that routes do not have: for this tool, else for all tools, else our default. */
    <T> T setting(String tool, Function<ToolSettings, @Nullable T> field, T ours) {
        T specific = field.apply(of(tool));
        T said = specific != null ? specific : field.apply(of(DEFAULTS));
        return said != null ? said : ours;
    }

    private ToolSettings of(String tool) {
        return tools.getOrDefault(tool, NOTHING);
    }
}
