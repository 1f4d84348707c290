package io.drover.cache;

import io.drover.start.Bounds;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/** @param maxSize of the results that are cached in one process; Redis has its own limit */
@ConfigurationProperties("drover.cache")
record CacheProperties(@DefaultValue("64MB") DataSize maxSize) {

    CacheProperties {
        Bounds.ofSize("1B", "1TB", "64MB").check("drover.cache.max-size", maxSize);
    }
}
