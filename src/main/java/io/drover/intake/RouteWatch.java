package io.drover.intake;

import org.apache.camel.Exchange;
import org.apache.camel.Route;
import org.apache.camel.spi.RoutePolicy;

/**
 * A policy that is no service. Camel keeps a policy that is one ({@code RoutePolicySupport}) and its name in JMX for as long as the
 * process lives, so each swap of a route would leave one; and it passes over one that is stopped.
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
