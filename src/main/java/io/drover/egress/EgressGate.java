package io.drover.egress;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** What an HTTP client asks before it connects. */
public final class EgressGate {

    private final Egress egress;
    private final @Nullable HostList fixed;

    /** @param fixed null for the list of the tool that is running */
    EgressGate(Egress egress, @Nullable HostList fixed) {
        this.egress = egress;
        this.fixed = fixed;
    }

    /**
     * Asked for each request, also where its connection is there already.
     *
     * @return the list that allows the host. A connection that was made under one list is not used under another, because its
     *     address was checked for that one; null where that does not matter.
     * @throws EgressRefusedException when the host may not be connected to
     */
    public @Nullable Object check(String host, int port) throws EgressRefusedException {
        String tool = egress.tool();
        HostList list = list(tool);
        check(tool, list, host, port);
        return egress.isEnforced() ? list : null;
    }

    /**
     * The same for the proxy through which a request goes.
     *
     * @throws EgressRefusedException when it may not be connected to
     */
    public void checkProxy(String host, int port) throws EgressRefusedException {
        if (egress.answer(egress.configured(), host, port).why() != null) {
            String tool = egress.tool();
            check(tool, list(tool), host, port);
        }
    }

    private void check(String tool, HostList list, String host, int port) throws EgressRefusedException {
        Egress.Answer answer = egress.answer(list, host, port);
        if (answer.why() != null) {
            egress.refuse(tool, Egress.who(tool), answer.host(), answer.why());
        }
    }

    /**
     * The addresses of a host, all of which may be connected to. The client connects to these, and looks nothing up again.
     *
     * @param port 0 where it is not known
     * @throws EgressRefusedException when one of them may not be connected to
     */
    public InetAddress[] addresses(String host, int port) throws UnknownHostException {
        return egress.addresses(list(egress.tool()), host, port);
    }

    private HostList list(String tool) {
        return fixed == null ? egress.listOf(tool) : fixed;
    }
}
