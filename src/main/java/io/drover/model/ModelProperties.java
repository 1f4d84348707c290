package io.drover.model;

import io.drover.start.Bounds;
import io.drover.tool.ToolName;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The models of this environment, and their common budgets.
 *
 * @param models  by name; an agent uses {@code default} unless it names another
 * @param budgets in dollars, shared by all workers
 */
@ConfigurationProperties("drover")
public record ModelProperties(@DefaultValue Map<String, ModelSettings> models, @DefaultValue Limits budgets) {

    /**
     * Limits in dollars; null for none.
     *
     * @param hour     of everything, by hour (UTC)
     * @param day      of everything, by day (UTC)
     * @param workflow of one workflow, by day
     * @param user     of each user or trigger that submits tasks, by day
     */
    public record Limits(
            @Nullable BigDecimal hour,
            @Nullable BigDecimal day,
            @Nullable Map<String, BigDecimal> workflow,
            @Nullable BigDecimal user) {

        private static final Bounds<BigDecimal> DOLLARS = Bounds.ofDollars(1_000_000_000, "100");

        public Limits {
            DOLLARS.check("drover.budgets.hour", hour);
            DOLLARS.check("drover.budgets.day", day);
            DOLLARS.check("drover.budgets.user", user);
            if (workflow != null) {
                workflow.forEach((name, limit) -> DOLLARS.check("drover.budgets.workflow." + name, limit));
            }
        }
    }

    public ModelProperties {
        models = Map.copyOf(models);
        for (Map.Entry<String, ModelSettings> entry : models.entrySet()) {
            String prefix = "drover.models." + entry.getKey();
            ToolName.checkModel(prefix, entry.getKey());
            ModelSettings model = entry.getValue();
            model.check(prefix);
            if (model.url() == null || model.model() == null) {
                throw new IllegalArgumentException(
                        "%s needs a url and a model, as in https://api.openai.com/v1 and gpt-5-mini".formatted(prefix));
            }
            if (model.fallback() != null
                    && (model.fallback().equals(entry.getKey()) || !models.containsKey(model.fallback()))) {
                throw new IllegalArgumentException("%s.fallback (%s) must be another of the models %s"
                        .formatted(prefix, model.fallback(), new TreeSet<>(models.keySet())));
            }
        }
    }

    /** The names of the models. */
    public Set<String> names() {
        return new TreeSet<>(models.keySet());
    }
}
