package io.drover.task;

import io.drover.start.Bounds;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Child tasks.
 *
 * @param maxDepth  how many tasks may await each other in a row, below the first one. Defaults to 8.
 * @param maxNumber how many children a task may await. Defaults to 20,000.
 */
@ConfigurationProperties("drover.children")
public record ChildProperties(@DefaultValue("8") int maxDepth, @DefaultValue("20000") int maxNumber) {

    public ChildProperties {
        Bounds.of(1, 100, 8).check("drover.children.max-depth", maxDepth);
        Bounds.of(1, 1_000_000, 20_000).check("drover.children.max-number", maxNumber);
    }
}
