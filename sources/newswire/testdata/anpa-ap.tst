z6715-----
r z BC-FER--Ferries 1stLd-Writethru   02-20 0500
^BC-FER--Ferries, 1st Ld-Writethru,416< 
^Ferries run again after nine-day strike< 
^AP Photo XRE109< 
^Eds: Updates with quote from minister.< 
^The ferries between the two islands run again after a strike of nine days that cost the operator more than it will say.< 
^By JANE DOE= 
^AP Business Writer= 
	   PORTLAND, Maine (AP) _ The ferries run again, the operator said Friday _ and the minister was glad. 
	   ``We are glad,'' she said. 
	   UP NEXT 

	   AP-WF-02-20-16 0337GMT<


