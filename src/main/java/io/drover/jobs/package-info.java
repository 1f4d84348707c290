/**
 * The dispatcher: worker Jobs for workflows with {@code worker: job}, in Kubernetes.
 *
 * <p>The route {@code jobs} (a file of {@code kustomize/components/worker-jobs}) looks, on the one dispatcher that holds the lease, what is due
 * and which Jobs there are, and makes those that lack. Nothing is kept here: a dispatcher that dies leaves tasks in PostgreSQL and Jobs in Kubernetes.
 */
@org.jspecify.annotations.NullMarked
package io.drover.jobs;
