package io.drover.intake;

import org.apache.camel.Exchange;
import org.apache.camel.Route;
import org.apache.camel.spi.RoutePolicy;

/**
 * A route policy that is not a service.
 * Camel keeps a policy that is a service ({@code RoutePolicySupport}), and its name in JMX, until the process ends, so
 * each swap of a route would leave one behind.
 * It also ignores a policy that is stopped.
 */
abstract class RouteWatch implements RoutePolicy {

    @Override
    public void onInit(Route route) {}

    @Override
    public void onRemove(Route route) {}

    @Override
    public void onStart(Route route) {}

    @Override
    public void onStop(Route route) {}

    @Override
    public void onSuspend(Route route) {}

    @Override
    public void onResume(Route route) {}

    @Override
    public void onExchangeBegin(Route route, Exchange exchange) {}

    @Override
    public void onExchangeDone(Route route, Exchange exchange) {}
}
