package io.drover.telemetry;

import io.drover.route.RouteFiles;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.stereotype.Component;

/** The meters of the route files. */
@Component
class RouteMeters implements Look {

    private final RouteFiles files;
    private final MultiGauge broken;

    RouteMeters(MeterRegistry registry, RouteFiles files) {
        this.files = files;
        this.broken = MultiGauge.builder("agent.route.files.broken")
                .description("1 where the current version of the route file is not in force in this process.")
                .register(registry);
    }

    @Override
    public String what() {
        return "files";
    }

    @Override
    public void look() {
        Map<String, Integer> state = new TreeMap<>();
        files.names().forEach(name -> state.put(name, 0));
        files.problems().forEach(problem -> state.put(problem.file(), 1));
        List<Row<?>> rows = new ArrayList<>();
        state.forEach((file, value) -> rows.add(Row.of(Tags.of("file", file), value)));
        broken.register(rows, true);
    }
}
