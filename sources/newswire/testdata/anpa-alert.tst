W1645asian
b a BC-US--APNewsAlert     06-29 0358
^BC-US--APNewsAlert,17<
	   HONOLULU (AP) _ The ferries between the islands of the state run again after a strike of nine days.

	   AP-WF-06-29-17 2350GMT<

