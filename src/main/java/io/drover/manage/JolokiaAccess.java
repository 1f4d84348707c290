package io.drover.manage;

import java.util.Set;
import java.util.regex.Pattern;
import javax.management.ObjectName;
import org.jolokia.server.core.restrictor.AllowAllRestrictor;
import org.jolokia.server.core.util.HttpMethod;

/**
 * What may be done to MBeans over HTTP (Jolokia, which Hawtio uses). Only what Hawtio's Camel and runtime pages need is there at
 * all; a viewer reads, an operator also stops, starts and traces. Nobody sends a message, makes an endpoint or changes a route or
 * a step of it: that would go round the guard.
 */
public final class JolokiaAccess extends AllowAllRestrictor {

    private static final String CAMEL = "org.apache.camel";
    private static final String OURS = "io.drover";
    private static final Set<String> DOMAINS =
            Set.of(CAMEL, OURS, "java.lang", "hawtio", "jolokia", "JMImplementation");

    /** Operations by which Hawtio draws and counts. */
    private static final Pattern READING = operations("dump|explain|list|find|get|is|has|browse|search");

    /** Operations on Camel's beans that an operator may call, and the types of these beans. Steps of a route are not among them. */
    private static final Pattern OPERATING = operations("start|stop|suspend|resume|restart|reset|clear");

    private static final Set<String> OPERATED = Set.of("context", "routes", "consumers", "tracer");

    /** A GET is a link, which any page can have a browser follow. */
    @Override
    public boolean isHttpMethodAllowed(HttpMethod method) {
        return method == HttpMethod.POST;
    }

    /**
     * Who may send is decided before a request comes here, by what browsers say of its origin; no page of another origin
     * may read an answer.
     *
     * @param sends whether this asks for sending, not for reading
     */
    @Override
    public boolean isOriginAllowed(String origin, boolean sends) {
        return sends;
    }

    /** A proxy may have taken TLS away. */
    @Override
    public boolean ignoreScheme() {
        return true;
    }

    @Override
    public boolean isObjectNameHidden(ObjectName name) {
        return !isKnown(name);
    }

    @Override
    public boolean isAttributeReadAllowed(ObjectName name, String attribute) {
        return isKnown(name);
    }

    @Override
    public boolean isAttributeWriteAllowed(ObjectName name, String attribute) {
        return isOperated(name) && Caller.isOperator();
    }

    @Override
    public boolean isOperationAllowed(ObjectName name, String operation) {
        if (!isKnown(name) || name.getDomain().equals("java.lang")) {
            return false;
        }
        if (READING.matcher(operation).matches()) {
            return true;
        }
        boolean offered = name.getDomain().equals(OURS)
                || isOperated(name) && OPERATING.matcher(operation).matches();
        return offered && Caller.isOperator();
    }

    private static boolean isKnown(ObjectName name) {
        return DOMAINS.contains(name.getDomain());
    }

    private static boolean isOperated(ObjectName name) {
        String type = name.getKeyProperty("type");
        return name.getDomain().equals(CAMEL) && type != null && OPERATED.contains(type);
    }

    private static Pattern operations(String prefixes) {
        return Pattern.compile("(?:%s)\\w*(?:\\(.*\\))?".formatted(prefixes));
    }
}
