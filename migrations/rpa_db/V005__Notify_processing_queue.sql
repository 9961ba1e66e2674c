-- Whoever waits for work of a flow is told when there is some: by a notification on the channel
-- processing_queue whose payload is the flow's name. It comes with the COMMIT, and once for all
-- records of a flow in a transaction.
CREATE FUNCTION processing_queue_notify() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('processing_queue', NEW.flow_name);
    RETURN NULL;
END;
$$;

CREATE TRIGGER processing_queue_pending
    AFTER INSERT OR UPDATE OF status ON processing_queue
    FOR EACH ROW WHEN (NEW.status = 'pending')
    EXECUTE FUNCTION processing_queue_notify();
