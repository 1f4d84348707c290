package io.drover.component;

import io.drover.route.PlainText;
import java.util.Arrays;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultComponent;
import org.springframework.stereotype.Component;

/** {@code to: wait:signal} and {@code to: wait:until} suspend a task. */
@Component("wait-component")
class WaitComponent extends DefaultComponent {

    final Waits waits;

    WaitComponent(Waits waits) {
        this.waits = waits;
    }

    @Override
    protected Endpoint createEndpoint(String uri, String type, Map<String, Object> parameters) {
        PlainText.unescape(parameters);
        for (WaitType known : WaitType.values()) {
            if (known.name().equals(type)) {
                return new WaitEndpoint(uri, this, known);
            }
        }
        throw new IllegalArgumentException(
                "there is no wait:%s; there are %s".formatted(type, Arrays.toString(WaitType.values())));
    }
}
