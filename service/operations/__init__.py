"""One async function a verb of the desk: each checks permission and owns its unit of work."""
