package io.drover.guard;

import io.drover.start.Bounds;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What routes read from elsewhere.
 *
 * @param maxBytes the longest HTTP body (as it comes, and inflated) or SQL result that a step outside tools accepts. In a
 *     tool that is its {@code maxResultBytes}. Defaults to 8 MiB.
 */
@ConfigurationProperties("drover.answers")
record AnswerProperties(@DefaultValue("8388608") int maxBytes) {

    AnswerProperties {
        Bounds.of(1, 1 << 28, 1 << 23).check("drover.answers.max-bytes", maxBytes);
    }
}
