package io.drover.egress;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Looks names of hosts up. */
interface Names {

    /** @return at least one */
    InetAddress[] addresses(String host) throws UnknownHostException;
}
