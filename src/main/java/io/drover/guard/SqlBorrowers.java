package io.drover.guard;

import io.drover.datasource.Borrower;
import io.drover.datasource.Borrowers;
import java.time.Duration;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** A connection is taken for the call whose steps run on this thread, else for the route that sends on it. */
@Component
class SqlBorrowers implements Borrowers {

    private record Holder(String name, @Nullable Duration left) implements Borrower {}

    @Override
    public Borrower now() {
        Exchange exchange = Sending.now();
        Try current = exchange == null ? Try.onThisThread() : Try.find(exchange);
        if (current != null) {
            return new Holder("tool:" + current.call().spec().name(), current.left());
        }
        String route = exchange == null ? null : exchange.getFromRouteId();
        return new Holder(route == null ? "routes" : "route " + route, null);
    }
}
