package io.drover.cache;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/** @param maxSize of the results that are cached in one process; Redis has its own limit */
@ConfigurationProperties("drover.cache")
record CacheProperties(@DefaultValue("64MB") DataSize maxSize) {}
