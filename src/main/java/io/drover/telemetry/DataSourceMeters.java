package io.drover.telemetry;

import com.zaxxer.hikari.metrics.micrometer.MicrometerMetricsTrackerFactory;
import io.drover.datasource.ToolDataSources;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.stereotype.Component;

/** Measures the pools of the databases that routes use; the label {@code pool} is the name of the data source. */
@Component
class DataSourceMeters {

    DataSourceMeters(ToolDataSources sources, MeterRegistry registry) {
        sources.all().forEach(source -> source.pool()
                .setMetricsTrackerFactory(new MicrometerMetricsTrackerFactory(registry)));
    }
}
