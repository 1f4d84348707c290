package io.drover.manage;

import java.util.EnumSet;
import java.util.Set;
import javax.management.ObjectName;
import org.jolokia.server.core.service.api.Restrictor;
import org.jolokia.server.core.util.HttpMethod;
import org.jolokia.server.core.util.RequestType;

/**
 * What HTTP clients may do with MBeans (Jolokia, which Hawtio uses): only what {@link JolokiaList} lists.
 * A viewer reads; an operator also stops, starts and traces.
 * No user can send a message, create an endpoint or change a route or one of its steps, because that would bypass the
 * guard.
 */
public final class JolokiaAccess implements Restrictor {

    private static final Set<RequestType> TYPES = EnumSet.of(
            RequestType.READ,
            RequestType.WRITE,
            RequestType.EXEC,
            RequestType.LIST,
            RequestType.SEARCH,
            RequestType.VERSION);

    /** A GET is a link, and any page can make a browser follow it. */
    @Override
    public boolean isHttpMethodAllowed(HttpMethod method) {
        return method == HttpMethod.POST;
    }

    @Override
    public boolean isTypeAllowed(RequestType type) {
        return TYPES.contains(type);
    }

    /** Authentication is decided before a request comes here. */
    @Override
    public boolean isRemoteAccessAllowed(String... hosts) {
        return true;
    }

    /**
     * {@link io.drover.security} has decided who may send, by what browsers say about the origin of a request.
     * No page of another origin may read an answer.
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
        return !JolokiaList.knows(name);
    }

    @Override
    public boolean isAttributeReadAllowed(ObjectName name, String attribute) {
        return JolokiaList.of(name).reads().contains(attribute);
    }

    @Override
    public boolean isAttributeWriteAllowed(ObjectName name, String attribute) {
        return JolokiaList.of(name).writes().contains(attribute)
                && JmxCaller.get().mayOperate();
    }

    @Override
    public boolean isOperationAllowed(ObjectName name, String operation) {
        JolokiaList.Listed listed = JolokiaList.of(name);
        return listed.asks().contains(operation)
                || listed.operates().contains(operation) && JmxCaller.get().mayOperate();
    }
}
