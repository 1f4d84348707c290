package io.drover.guard;

import io.drover.egress.EgressGate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;

/**
 * Asks whether an HTTP client may connect: for each request and each hop of a redirect, before a connection is taken, and for
 * the addresses of the host when one is made.
 */
final class EgressCheck implements ExecChainHandler, DnsResolver {

    private static final String NAME = "drover-egress";

    private final EgressGate gate;

    EgressCheck(EgressGate gate) {
        this.gate = gate;
    }

    /** Has a client ask for each request. */
    HttpClientBuilder on(HttpClientBuilder client) {
        return client.addExecInterceptorBefore(ChainElement.CONNECT.name(), NAME, this);
    }

    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        HttpHost target = scope.route.getTargetHost();
        Object list = gate.check(target.getHostName(), port(target));
        HttpHost proxy = scope.route.getProxyHost();
        if (proxy != null) {
            gate.checkProxy(proxy.getHostName(), port(proxy));
        }
        if (list != null) { // the pool gives a connection only to who has the same
            scope.clientContext.setUserToken(list);
        }
        return chain.proceed(request, scope);
    }

    private static int port(HttpHost host) {
        if (host.getPort() > 0) {
            return host.getPort();
        }
        return "https".equalsIgnoreCase(host.getSchemeName()) ? 443 : 80;
    }

    /** Before a connection is made through a SOCKS proxy, which the client does not look up. */
    Proxy checked(Proxy proxy) throws IOException {
        if (proxy.address() instanceof InetSocketAddress address) {
            gate.checkProxy(address.getHostString(), address.getPort());
        }
        return proxy;
    }

    @Override
    public List<InetSocketAddress> resolve(String host, int port) throws UnknownHostException {
        return Arrays.stream(gate.addresses(host, port))
                .map(address -> new InetSocketAddress(address, port))
                .toList();
    }

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        return gate.addresses(host, 0);
    }

    /** For Kerberos, which asks for the name by which a host that is connected knows itself. */
    @Override
    public String resolveCanonicalHostname(String host) throws UnknownHostException {
        InetAddress[] addresses = gate.addresses(host, 0);
        String name = addresses[0].getCanonicalHostName();
        return addresses[0].getHostAddress().contentEquals(name) ? host : name;
    }
}
