package io.drover.guard;

import io.drover.tool.ToolLimits;
import io.drover.tool.ToolSpec;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Settings of the guard by environment.
 *
 * @param tools     by tool name, and {@code defaults} for all
 * @param workflows by workflow name
 */
@ConfigurationProperties("drover")
public record GuardProperties(
        @Nullable Map<String, ToolSettings> tools, @Nullable Map<String, WorkflowSettings> workflows) {

    static final String DEFAULTS = "defaults";

    private static final String WITHOUT_APPROVAL = "never";

    /** @param allowedTools the only tools that the workflow may call; null for all */
    public record WorkflowSettings(@Nullable Set<String> allowedTools) {}

    public GuardProperties {
        tools = tools == null ? new HashMap<>() : tools;
        workflows = workflows == null ? new HashMap<>() : workflows;
        tools.forEach((name, tool) -> {
            ToolLimits.checkName("drover.tools." + name, name);
            tool.check("drover.tools." + name);
        });
        workflows.keySet().forEach(name -> ToolLimits.checkName("drover.workflows." + name, name));
        ToolSettings defaults = tools.get(DEFAULTS);
        if (defaults != null && defaults.cache() != null) {
            throw new IllegalArgumentException(
                    "drover.tools.defaults.cache (%s): how old a result may be is a question of each tool; set drover.tools.<name>.cache"
                            .formatted(defaults.cache()));
        }
    }

    /** Whether the workflow may call the tool at all; which models it uses its agents say. */
    boolean allows(String workflow, String tool) {
        if (tool.startsWith(ToolSpec.MODEL)) {
            return true;
        }
        WorkflowSettings settings = workflows.get(workflow);
        return settings == null
                || settings.allowedTools() == null
                || settings.allowedTools().contains(tool);
    }

    /** When a person has to approve a call of the tool. */
    public String approval(String tool, @Nullable String fromRoute) {
        return setting(tool, ToolSettings::approval, fromRoute, WITHOUT_APPROVAL);
    }

    /** Why calls of a tool with this approval are refused, or null. */
    public static @Nullable String unapproved(String tool, String approval) {
        return approval.equals(WITHOUT_APPROVAL)
                ? null
                : "tool:%s needs approval (%s), which nobody can give yet, so its calls are refused; leave approval out, or set drover.tools.%s.approval=never, to have them made without"
                        .formatted(tool, approval, tool);
    }

    ToolSettings of(String tool) {
        return tools.getOrDefault(tool, ToolSettings.NONE);
    }

    /** The environment's word for this tool, else the route's, else the environment's default, else ours. */
    <T> T setting(String tool, Function<ToolSettings, @Nullable T> field, @Nullable T fromRoute, T ours) {
        T specific = field.apply(of(tool));
        if (specific != null) {
            return specific;
        }
        if (fromRoute != null) {
            return fromRoute;
        }
        T common = field.apply(of(DEFAULTS));
        return common != null ? common : ours;
    }
}
