package io.drover.route;

import io.drover.start.Bounds;
import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The route files.
 *
 * @param directory where they are. Defaults to {@code routes}.
 * @param poll      how often they are looked at for changes. Defaults to 500 ms.
 */
@ConfigurationProperties("drover.routes")
public record RoutesProperties(@DefaultValue("routes") Path directory, @DefaultValue("500ms") Duration poll) {

    public RoutesProperties {
        Bounds.ofTime("1ms", "1d", "500ms").check("drover.routes.poll", poll);
    }
}
